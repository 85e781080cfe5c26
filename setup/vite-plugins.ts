import { defineVitePluginsSetup } from '@slidev/types'
import { demoServer } from '../demos/server.ts'

// An export never starts a run: only the presenting server has one.
export default defineVitePluginsSetup(({ mode }) => mode === 'dev' ? [demoServer()] : [])
